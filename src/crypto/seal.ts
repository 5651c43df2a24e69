import sodium from 'sodium-native';

/** Boxes are padded to whole blocks, so that their size does not tell how long a name is. */
const BLOCK = 256;

export interface KeyPair {
  /** 32 bytes, X25519. */
  publicKey: Buffer;
  /** 32 bytes, X25519. */
  privateKey: Buffer;
}

export function newKeyPair(): KeyPair {
  const publicKey = Buffer.alloc(sodium.crypto_box_PUBLICKEYBYTES);
  const privateKey = Buffer.alloc(sodium.crypto_box_SECRETKEYBYTES);
  sodium.crypto_box_keypair(publicKey, privateKey);
  return { publicKey, privateKey };
}

/**
 * Seals JSON to each public key (libsodium `crypto_box_seal`: X25519, XSalsa20-Poly1305): who
 * holds one of the private keys can open it, and this process cannot.
 * The result is one byte with the number of boxes, then the boxes, all of one length, each of
 * the same JSON padded to blocks of 256 bytes (ISO/IEC 7816-4).
 */
export function seal(data: object, publicKeys: readonly Buffer[]): Buffer {
  if (publicKeys.length === 0) throw new Error('What is sealed to no key can never be opened');
  const message = padded(Buffer.from(JSON.stringify(data)));
  const boxes = publicKeys.map((publicKey) => {
    const box = Buffer.alloc(message.length + sodium.crypto_box_SEALBYTES);
    sodium.crypto_box_seal(box, message, publicKey);
    return box;
  });
  return Buffer.concat([Buffer.of(boxes.length), ...boxes]);
}

/**
 * The JSON of a sealed value, opened with the first of the key pairs that it is for. Throws when it
 * is for none of them, or no such value.
 */
export function openSealed(sealed: Buffer, keyPairs: readonly KeyPair[]): unknown {
  const size = (sealed.length - 1) / sealed.readUInt8();
  for (let at = 1; at < sealed.length; at += size) {
    const box = sealed.subarray(at, at + size);
    const message = Buffer.alloc(size - sodium.crypto_box_SEALBYTES);
    const isFor = ({ publicKey, privateKey }: KeyPair) =>
      sodium.crypto_box_seal_open(message, box, publicKey, privateKey);
    if (keyPairs.some(isFor)) {
      const length = sodium.sodium_unpad(message, message.length, BLOCK);
      return JSON.parse(message.toString('utf8', 0, length));
    }
  }
  throw new Error('A sealed value is for none of these keys');
}

/** Encrypts what this site itself must read again (`crypto_secretbox`): nonce, then box. */
export function lock(text: Buffer, key: Buffer): Buffer {
  const nonce = Buffer.alloc(sodium.crypto_secretbox_NONCEBYTES);
  sodium.randombytes_buf(nonce);
  const box = Buffer.alloc(text.length + sodium.crypto_secretbox_MACBYTES);
  sodium.crypto_secretbox_easy(box, text, nonce, key);
  return Buffer.concat([nonce, box]);
}

/** Throws when the box was made with another key or changed. */
export function unlock(locked: Buffer, key: Buffer): Buffer {
  const nonce = locked.subarray(0, sodium.crypto_secretbox_NONCEBYTES);
  const box = locked.subarray(sodium.crypto_secretbox_NONCEBYTES);
  const text = Buffer.alloc(Math.max(0, box.length - sodium.crypto_secretbox_MACBYTES));
  if (!sodium.crypto_secretbox_open_easy(text, box, nonce, key)) {
    throw new Error('A locked value does not open with the key derived from SECRET_KEY');
  }
  return text;
}

function padded(message: Buffer): Buffer {
  const buffer = Buffer.alloc(message.length + BLOCK);
  message.copy(buffer);
  return buffer.subarray(0, sodium.sodium_pad(buffer, message.length, BLOCK));
}
