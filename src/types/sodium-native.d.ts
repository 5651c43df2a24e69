/** The part of sodium-native that we use. Outputs are the first argument, filled in place. */
declare module 'sodium-native' {
  interface Sodium {
    crypto_box_PUBLICKEYBYTES: number;
    crypto_box_SECRETKEYBYTES: number;
    crypto_box_SEALBYTES: number;
    crypto_secretbox_NONCEBYTES: number;
    crypto_secretbox_MACBYTES: number;
    crypto_box_keypair(publicKey: Buffer, secretKey: Buffer): void;
    crypto_box_seal(ciphertext: Buffer, message: Buffer, publicKey: Buffer): void;
    crypto_box_seal_open(
      message: Buffer,
      ciphertext: Buffer,
      publicKey: Buffer,
      secretKey: Buffer,
    ): boolean;
    crypto_secretbox_easy(ciphertext: Buffer, message: Buffer, nonce: Buffer, key: Buffer): void;
    crypto_secretbox_open_easy(
      message: Buffer,
      ciphertext: Buffer,
      nonce: Buffer,
      key: Buffer,
    ): boolean;
    randombytes_buf(buffer: Buffer): void;
    sodium_pad(buffer: Buffer, unpaddedLength: number, blockSize: number): number;
    sodium_unpad(buffer: Buffer, paddedLength: number, blockSize: number): number;
  }
  const sodium: Sodium;
  export default sodium;
}
