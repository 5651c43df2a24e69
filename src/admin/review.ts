import { Command } from 'commander';
import type { Config } from '../config.ts';
import { StartupError } from '../errors.ts';
import { GROUNDS_OF } from '../features/decisions/decision.ts';
import { titleOf, valuesOf, type Draft } from '../features/drafts/draft.ts';
import { rejectDraft } from '../features/drafts/rejection.ts';
import { publishDraft, returnDraft, type ReviewServices } from '../features/drafts/review.ts';
import { findDraft, findHandedIn } from '../features/drafts/store.ts';
import { NewPetitionForm } from '../features/drafts/schema.ts';
import { pathsIn, picturePath } from '../paths.ts';
import { readNote, readVersion } from './arguments.ts';
import { servicesOf, type OpenDatabase } from './database.ts';
import { groundOption, noteOption, verdictOf, type Said } from './verdict.ts';

const SEEN = 'only this version of it, as `review show` has printed it';

/** Petitions that initiators have handed in: they are read here before they are published. */
export function reviewCommands(open: OpenDatabase, config: Config): Command {
  const review = new Command('review').description('petitions that wait to be published');

  const services = (): Promise<ReviewServices> => servicesOf(open, config);

  review
    .command('list')
    .description('what was handed in, the oldest first: id, day, language, title')
    .action(async () => {
      for (const draft of await findHandedIn(await open())) {
        const { id, changed_on, language } = draft;
        console.log(`${id.padStart(6)}  ${changed_on.toString()}  ${language}  ${titleOf(draft)}`);
      }
    });

  review
    .command('show')
    .description('everything that a petition says and asks')
    .argument('<id>')
    .action(async (id: string) => {
      const { db, baseUrl } = await services();
      const draft = await requireHandedIn({ db }, id);
      console.log(`version: ${draft.version}`);
      const form = NewPetitionForm.parse(valuesOf(draft));
      for (const [name, value] of Object.entries(form)) console.log(`${name}: ${said(value)}`);
      const { picture } = draft;
      if (picture !== null) {
        console.log(`picture: ${baseUrl}${picturePath(picture.id, picture.width)}`);
      }
    });

  review
    .command('publish')
    .description('publishes it, open from today, and tells its initiator')
    .argument('<id>')
    .option('--seen <version>', SEEN, readVersion)
    .action(async (id: string, { seen }: { seen?: number }) => {
      const given = await services();
      const draft = await requireHandedIn(given, id, seen);
      const slug = await publishDraft(given, null, draft);
      console.log(`Published: ${given.baseUrl}${pathsIn(draft.language).petition(slug)}`);
    });

  review
    .command('return')
    .description('gives it back to its initiator, with a note on what to change')
    .argument('<id>')
    .argument('<note>', 'at most 2000 characters', readNote)
    .option('--seen <version>', SEEN, readVersion)
    .action(async (id: string, note: string, { seen }: { seen?: number }) => {
      const given = await services();
      await returnDraft(given, null, await requireHandedIn(given, id, seen), note);
      console.log('Returned.');
    });

  review
    .command('reject')
    .description('does not publish what breaks the rules, and tells its initiator the ground')
    .argument('<id>')
    .addOption(groundOption(GROUNDS_OF.draft))
    .addOption(noteOption())
    .option('--public', 'the public list of decisions shows its title')
    .option('--seen <version>', SEEN, readVersion)
    .action(async (id: string, said: Said & { public?: boolean; seen?: number }) => {
      const given = await services();
      const draft = await requireHandedIn(given, id, said.seen);
      await rejectDraft(given, null, draft, {
        ...verdictOf(said),
        is_public: said.public ?? false,
      });
      console.log('Rejected.');
    });

  return review;
}

const said = (value: string | number | boolean | null): string =>
  typeof value === 'string' && value.includes('\n') ? `\n${value}\n` : String(value ?? '');

async function requireHandedIn(
  { db }: Pick<ReviewServices, 'db'>,
  id: string,
  seen?: number,
): Promise<Draft> {
  const draft = await findDraft(db, id);
  if (draft?.state !== 'handed_in') throw new StartupError(`Nothing with the id "${id}" waits.`);
  if (seen !== undefined && draft.version !== seen) {
    throw new StartupError(`It has been changed since: this is version ${draft.version}.`);
  }
  return draft;
}
