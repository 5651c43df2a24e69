/** The limit: node:http that sends the same compressed bytes and headers from memory. */
import { createServer } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';

request(process.env.PAGE ?? '', { headers: { 'Accept-Encoding': 'br' } }, (answer) => {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const body = Buffer.concat(chunks);
    const names = ['date', 'connection', 'keep-alive'];
    const headers = Object.entries(answer.headers)
      .filter(([name]) => !names.includes(name))
      .flatMap(([name, value]) => [name, String(value)]);
    const server = createServer((_req, res) => {
      res.writeHead(200, headers);
      res.end(body);
    });
    server.listen(0, '127.0.0.1', () => {
      console.log(`open at http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });
  });
}).end();
