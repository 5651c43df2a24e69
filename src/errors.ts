export type ErrorKind = 'not_found' | 'forbidden' | 'conflict' | 'gone' | 'unavailable' | 'busy';

/** What can go wrong, in the domain's words: a kind, and the i18n key of a sentence for people. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly key: string;

  constructor(kind: ErrorKind, key: string, options?: ErrorOptions) {
    super(key, options);
    this.name = 'AppError';
    this.kind = kind;
    this.key = key;
  }
}

/** A start that cannot go on. Its message is the one sentence the operator reads. */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
  }
}
