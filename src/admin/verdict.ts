import { Option } from 'commander';
import type { Ground, Verdict } from '../features/decisions/decision.ts';
import { readNote } from './arguments.ts';

/** Why something is taken away, as a command says it. */
export interface Said {
  ground: Ground;
  note?: string;
}

export const groundOption = (grounds: readonly Ground[]): Option =>
  new Option('--ground <ground>', 'what it breaks of the rules')
    .choices(grounds)
    .makeOptionMandatory();

export const noteOption = (): Option =>
  new Option('--note <note>', 'to its initiator, at most 2000 characters').argParser(readNote);

export const verdictOf = ({ ground, note }: Said): Verdict => ({ ground, note: note ?? null });
