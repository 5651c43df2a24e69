import { AppError } from '../../errors.ts';
import type { Petition } from './petition.ts';

export type Block = NonNullable<Petition['block']>;

/** There is such a petition, and readers are told only that it is blocked. */
export class BlockedPetition extends AppError {
  readonly block: Block;

  constructor(block: Block) {
    super('gone', 'errors:blocked');
    this.name = 'BlockedPetition';
    this.block = block;
  }
}
