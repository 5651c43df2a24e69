declare module 'fxa-common-password-list' {
  /** Whether a password of at least 8 characters is among the most common ones. */
  const list: { test: (password: string) => boolean };
  export default list;
}
