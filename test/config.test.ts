import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { addressAt, loadConfig } from '../src/config.ts';
import { StartupError } from '../src/errors.ts';

const SECRET = randomBytes(32);

const production = {
  NODE_ENV: 'production',
  SECRET_KEY: SECRET.toString('base64'),
  SMTP_URL: 'smtps://upprop:password@mail.example:465',
  BASE_URL: 'https://upprop.example',
};

/** What the operator reads when it is refused. */
function refusal(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof StartupError) return error.message;
    throw error;
  }
  return 'not refused';
}

test('nothing has to be set', () => {
  assert.deepEqual(loadConfig({}), {
    production: false,
    host: '127.0.0.1',
    port: 3000,
    baseUrl: null,
    databaseUrl: null,
    databaseDirectUrl: null,
    dataDir: '.data',
    secretKey: null,
    mail: { smtpUrl: null, from: 'Upprop <no-reply@localhost>' },
    webConcurrency: 1,
    jobs: 'inline',
    trustProxy: false,
    links: { donateUrl: null, onionUrl: null, supportEmail: null },
    logLevel: 'info',
  });
});

test('a variable that is empty is not set', () => {
  const names = ['NODE_ENV', 'HOST', 'PORT', 'BASE_URL', 'DATABASE_URL', 'DATA_DIR', 'SECRET_KEY'];
  const more = ['SMTP_URL', 'MAIL_FROM', 'JOBS', 'TRUST_PROXY', 'DONATE_URL', 'LOG_LEVEL'];
  const empty = Object.fromEntries([...names, ...more].map((name) => [name, '']));
  assert.deepEqual(loadConfig(empty), loadConfig({}));
  assert.match(
    refusal({ ...production, SECRET_KEY: '' }),
    /required in production.*\n.*SECRET_KEY/,
  );
});

test('what is set is taken', () => {
  const config = loadConfig({
    ...production,
    HOST: '::',
    PORT: '8080',
    DATABASE_URL: 'postgres://pooler.example:6432/upprop',
    DATABASE_DIRECT_URL: 'postgresql://db.example/upprop',
    JOBS: 'off',
    ONION_URL: 'http://upprop.onion/',
  });
  assert.equal(config.production, true);
  assert.deepEqual(config.secretKey, SECRET);
  assert.deepEqual([config.host, config.port, config.jobs], ['::', 8080, 'off']);
  assert.equal(config.databaseUrl, 'postgres://pooler.example:6432/upprop');
  assert.equal(config.databaseDirectUrl, 'postgresql://db.example/upprop');
  assert.equal(config.mail.smtpUrl, production.SMTP_URL);
  assert.equal(config.links.onionUrl, 'http://upprop.onion');
});

test('without an address of its own, direct is the same database', () => {
  const url = 'postgres://db.example/upprop';
  assert.equal(loadConfig({ DATABASE_URL: url }).databaseDirectUrl, url);
});

test('BASE_URL is an origin, written the way browsers do', () => {
  const baseUrlOf = (text: string) =>
    loadConfig({ BASE_URL: text, SMTP_URL: 'smtp://mail.example' }).baseUrl;
  assert.equal(baseUrlOf('https://Upprop.example/'), 'https://upprop.example');
  assert.equal(baseUrlOf('http://upprop.example:80'), 'http://upprop.example');
  assert.equal(baseUrlOf('https://bücher.example:8443'), 'https://xn--bcher-kva.example:8443');
});

suite('a wrong value is refused by the name of its variable', () => {
  const wrong: [name: string, value: string][] = [
    ['NODE_ENV', 'prod'],
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', ' '],
    ['WEB_CONCURRENCY', '0'],
    ['WEB_CONCURRENCY', 'all'],
    ['BASE_URL', 'http://localhost/path'],
    ['BASE_URL', 'upprop.example'],
    ['BASE_URL', 'ftp://upprop.example'],
    ['ONION_URL', 'nonsense'],
    ['DATABASE_URL', 'x'],
    ['DATABASE_URL', 'mysql://db.example/upprop'],
    ['DATABASE_DIRECT_URL', 'postgres://db.example/upprop'],
    ['SMTP_URL', 'mail.example'],
    ['SMTP_URL', 'https://mail.example'],
    ['SMTP_URL', 'smtp://'],
    ['MAIL_FROM', 'nonsense'],
    ['BASE_URL', 'https://upprop.example'],
    ['HOST', '0.0.0.0'],
    ['JOBS', 'on'],
    ['DONATE_URL', 'http://donate.example'],
    ['SUPPORT_EMAIL', 'nobody'],
    ['LOG_LEVEL', 'loud'],
  ];
  for (const [name, value] of wrong) {
    test(`${name}=${value}`, () => {
      assert.match(refusal({ [name]: value }), new RegExp(`^Invalid.*\n✖ .*\n +→ at ${name}$`));
    });
  }
});

test('all that is wrong is said at once', () => {
  assert.match(refusal({ PORT: 'abc', JOBS: 'on' }), /at PORT\n[^]*at JOBS$/);
});

test('a refused secret is not shown', () => {
  const secrets = [16, 31, 33, 64].map((size) => randomBytes(size).toString('base64'));
  for (const secret of [...secrets, SECRET.toString('hex'), 'no base64 at all']) {
    const message = refusal({ SECRET_KEY: secret });
    assert.match(message, /at SECRET_KEY/);
    assert.ok(!message.includes(secret));
  }
  const password = refusal({ DATABASE_URL: 'mysql://upprop:password@db.example/upprop' });
  assert.doesNotMatch(password, /password/);
});

suite('production', () => {
  test('starts with what it needs', () => {
    assert.equal(loadConfig(production).baseUrl, production.BASE_URL);
  });

  for (const name of ['SECRET_KEY', 'SMTP_URL', 'BASE_URL'] as const) {
    test(`needs ${name}`, () => {
      assert.equal(
        refusal({ ...production, [name]: '' }),
        `Invalid environment:\n✖ is required in production\n  → at ${name}`,
      );
    });
  }
});

suite('TRUST_PROXY is read as Express reads it', () => {
  const forms: [string, boolean | number | string][] = [
    ['true', true],
    ['false', false],
    ['0', 0],
    ['2', 2],
    ['loopback', 'loopback'],
    ['127.0.0.1', '127.0.0.1'],
    ['loopback, 10.0.0.0/8, fd00::/8', 'loopback, 10.0.0.0/8, fd00::/8'],
  ];
  for (const [text, value] of forms) {
    test(`as ${typeof value}: ${text}`, () => {
      assert.equal(loadConfig({ TRUST_PROXY: text }).trustProxy, value);
    });
  }

  for (const text of ['yes', '-1', '1.5', 'loopback,', '10.0.0.0/33', 'proxy.example']) {
    test(`not: ${text}`, () => {
      assert.match(refusal({ TRUST_PROXY: text }), /must be a number of proxies.*\n +→ at TRUST_/);
    });
  }
});

test('the address of a host is one that a browser on this machine can open', () => {
  assert.equal(addressAt('127.0.0.1', 3000), 'http://127.0.0.1:3000');
  assert.equal(addressAt('::1', 3000), 'http://[::1]:3000');
  for (const everywhere of ['0.0.0.0', '::']) {
    assert.equal(addressAt(everywhere, 3000), 'http://localhost:3000');
  }
});
