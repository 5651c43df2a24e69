import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { eventually } from './eventually.ts';

/**
 * What the server does with a mail: takes it, refuses its recipient with a reply, says nothing
 * more, breaks the connection in the middle of the mail, or takes the mail and breaks the
 * connection instead of saying so.
 */
export type Behaviour =
  'take' | 'hang' | 'cut' | 'take and cut' | { refuse: number; reply: string };

export interface TakenMail {
  /** The envelope's addresses. */
  from: string;
  to: string;
  utf8: boolean;
  parsed: Email;
  links: string[];
}

/** An SMTP server on a free port of this machine. A hanging mail goes on when it may be taken. */
export class TestSmtp {
  /** In the order of their arrival. */
  readonly taken: TakenMail[] = [];
  /** The recipients that were named to the server, whatever became of their mail. */
  readonly asked: string[] = [];
  url = '';
  #server: SMTPServer | null = null;
  #port = 0;
  #behaviour: (address: string) => Behaviour = () => 'take';
  #held: (() => void)[] = [];
  #sockets = new Set<Socket>();

  behave(behaviour: (address: string) => Behaviour): void {
    this.#behaviour = behaviour;
    for (const release of this.#held.splice(0)) release();
  }

  /** Listens; after `stop` on the same port. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 1,
      onRcptTo: ({ address }, _session, done) => {
        this.asked.push(address);
        this.#hear(address, done);
      },
      onData: (stream, session, done) => {
        void this.#read(stream, session, done);
      },
    });
    server.on('error', () => undefined); // of a connection that is broken on purpose
    server.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    const listener = server.listen(this.#port, '127.0.0.1');
    await once(listener, 'listening');
    this.#server = server;
    this.#port = (listener.address() as AddressInfo).port;
    this.url = `smtp://127.0.0.1:${this.#port}`;
  }

  /** Breaks every connection and takes no more. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    server.close(() => {
      resolve(undefined);
    });
    await promise;
  }

  /** Waits until `number` mails to this address, or to anybody, were taken. */
  async mailsTo(address: string | null, number = 1): Promise<TakenMail[]> {
    const theirs = () => this.taken.filter(({ to }) => address === null || to === address);
    await eventually(() => theirs().length >= number, `${number} mails to ${address ?? 'anybody'}`);
    return theirs();
  }

  #hear(address: string, done: (error?: Error) => void): void {
    const behaviour = this.#behaviour(address);
    if (behaviour === 'hang') {
      this.#held.push(() => {
        this.#hear(address, done);
      });
    } else if (typeof behaviour === 'string') done();
    else {
      done(Object.assign(new Error(behaviour.reply), { responseCode: behaviour.refuse }));
    }
  }

  async #read(stream: SMTPServerDataStream, session: SMTPServerSession, done: () => void) {
    const { mailFrom, rcptTo } = session.envelope;
    const to = rcptTo[0]?.address ?? '';
    const behaviour = this.#behaviour(to);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        if (behaviour === 'cut') this.#cut(session);
      }
    } catch {
      return; // The connection is gone.
    }
    if (behaviour === 'cut') return;
    const parsed = await PostalMime.parse(Buffer.concat(chunks));
    this.taken.push({
      from: mailFrom === false ? '' : mailFrom.address,
      to,
      utf8: mailFrom !== false && 'SMTPUTF8' in Object(mailFrom.args),
      parsed,
      links: parsed.text?.match(/https?:\/\/\S+/g) ?? [],
    });
    if (behaviour === 'take and cut') this.#cut(session);
    else done();
  }

  #cut({ remotePort }: SMTPServerSession): void {
    for (const socket of this.#sockets) if (socket.remotePort === remotePort) socket.destroy();
  }
}

/** A running server, stopped when the test ends: before a site that is started after it. */
export async function startSmtp(t: TestContext): Promise<TestSmtp> {
  const smtp = new TestSmtp();
  await smtp.start();
  t.after(() => smtp.stop());
  return smtp;
}
