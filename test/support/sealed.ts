import sodium from 'sodium-native';
import type { KeyPair } from '../../src/crypto/seal.ts';

/** Opens a sealed signature the way its holder would; null when none of its boxes is for this key. */
export function openSealed(sealed: Buffer, { publicKey, privateKey }: KeyPair): unknown {
  const size = (sealed.length - 1) / sealed.readUInt8();
  for (let at = 1; at < sealed.length; at += size) {
    const box = sealed.subarray(at, at + size);
    const message = Buffer.alloc(size - sodium.crypto_box_SEALBYTES);
    if (sodium.crypto_box_seal_open(message, box, publicKey, privateKey)) {
      const length = sodium.sodium_unpad(message, message.length, 256);
      return JSON.parse(message.subarray(0, length).toString());
    }
  }
  return null;
}
