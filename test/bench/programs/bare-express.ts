/** What everyone does: Express, and res.send of the page. */
import type { AddressInfo } from 'node:net';
import express from 'express';

const page = await (await fetch(process.env.PAGE ?? '')).text();
const app = express();
app.get('/', (_req, res) => {
  res.send(page);
});
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`open at http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
