import { Argument, Command, Option } from 'commander';
import type { Config } from '../config.ts';
import { LOCALES, type Locale } from '../i18n/locales.ts';
import { appointOwner } from '../features/members/actions.ts';
import { chooseTopic, reportElsewhere } from '../features/petitions/actions.ts';
import {
  OUTCOMES,
  stageOf,
  TOPICS,
  type Outcome,
  type Topic,
} from '../features/petitions/petition.ts';
import { forgetNames } from '../features/petitions/forget-names.ts';
import { publishText } from '../features/petitions/publish-text.ts';
import { StartupError } from '../errors.ts';
import { today } from '../today.ts';
import { addBlockCommands } from './block.ts';
import { requireAccount } from './account.ts';
import { readAccountId, readDay, readNumber, readSource } from './arguments.ts';
import { servicesOf, type OpenDatabase } from './database.ts';
import { refuse } from './sentences.ts';
import { REACHED_STAGES, reachStage, takeStageBack, type ReachedStage } from './stage.ts';
import { findAllPetitions, requireFound, requireText } from './store.ts';
import { printed, readPetitionText } from './text-file.ts';

const language = () => new Argument('<language>', 'of the version').choices(LOCALES);

/** What the operator does to one petition. Each change is seen on the running site at once. */
export function petitionCommands(open: OpenDatabase, config: Config): Command {
  const petition = new Command('petition').description('petitions: see them, change them');
  addBlockCommands(petition, open, config);

  petition
    .command('list')
    .description('every petition: address, stage, signatures, title')
    .action(async () => {
      const petitions = await findAllPetitions(await open());
      const widest = Math.max(0, ...petitions.map(({ slug }) => slug.length));
      for (const found of petitions) {
        const stage = (found.is_blocked ? 'blocked' : stageOf(found, today())).padEnd(10);
        const count = String(found.signature_count).padStart(9);
        console.log(`${found.slug.padEnd(widest)}  ${stage}  ${count}  ${found.title}`);
      }
    });

  petition
    .command('text')
    .description('prints what a language version says, as JSON')
    .argument('<slug>')
    .addArgument(language())
    .action(async (slug: string, locale: Locale) => {
      const db = await open();
      const { id } = await requireFound(db, slug);
      console.log(printed(await requireText(db, { id, slug }, locale)));
    });

  petition
    .command('publish')
    .description('publishes such JSON as what a language version says, new or changed')
    .argument('<slug>')
    .addArgument(language())
    .argument('[file]', 'standard input, where none is given')
    .action(async (slug: string, locale: Locale, file?: string) => {
      const { text, state } = await readPetitionText(file);
      const db = await open();
      const found = await requireFound(db, slug);
      const done = await publishText(db, null, found, {
        language: locale,
        text,
        day: today(),
        ...(state === undefined ? {} : { seen: state }),
      });
      if (done === 'outdated' || done === 'closed') throw new StartupError(OUTDATED);
      console.log(PUBLISHED[done]);
    });

  petition
    .command('stage')
    .description('says on which day a petition reached a stage')
    .argument('<slug>')
    .addArgument(new Argument('<stage>').choices(REACHED_STAGES))
    .argument('[day]', 'such as 2026-11-23', readDay)
    .addOption(new Option('--outcome <outcome>', 'of the decision').choices(OUTCOMES))
    .option('--undo', 'it has not reached it')
    .action(
      async (
        slug: string,
        stage: ReachedStage,
        day: Temporal.PlainDate | undefined,
        { outcome, undo = false }: { outcome?: Outcome; undo?: boolean },
      ) => {
        if (undo === (day !== undefined)) throw new StartupError('Name either a day or --undo.');
        const db = await open();
        const found = await requireFound(db, slug);
        if (day === undefined) {
          await takeStageBack(db, found, stage);
          console.log(`${slug}: not ${stage}.`);
        } else {
          await reachStage(db, found, stage, day, outcome);
          console.log(`${slug}: ${stage} on ${day.toString()}.`);
        }
      },
    );

  petition
    .command('forget-names')
    .description(
      'takes initiator and translators out of all that a petition says and has said, and its mails',
    )
    .argument('<slug>')
    .action(async (slug: string) => {
      const db = await open();
      await forgetNames(db, null, await requireFound(db, slug));
      console.log(`${slug}: without names.`);
    });

  petition
    .command('owner')
    .description('makes an account an owner, which is told by mail')
    .argument('<slug>')
    .argument('<id>', 'number of the account', readAccountId)
    .action(async (slug: string, id: string) => {
      const services = await servicesOf(open, config);
      const found = await requireFound(services.db, slug);
      const account = await requireAccount(services.db, id);
      if (account.state !== 'active') throw new StartupError(`Account ${id} is suspended.`);
      await appointOwner(services, account, found).catch(
        refuse(`${slug} has ten members already.`),
      );
      console.log(`${slug}: account ${id} is an owner.`);
    });

  petition
    .command('topic')
    .description('says what a petition is about')
    .argument('<slug>')
    .addArgument(new Argument('<topic>').choices(TOPICS))
    .action(async (slug: string, topic: Topic) => {
      const db = await open();
      await chooseTopic(db, await requireFound(db, slug), topic);
      console.log(`${slug}: ${topic}.`);
    });

  petition
    .command('elsewhere')
    .description('signatures collected elsewhere, in all; 0 when there are none any more')
    .argument('<slug>')
    .argument('<source>', 'where: "on paper"', readSource)
    .argument('<number>', 'how many', readNumber)
    .action(async (slug: string, source: string, signatures: number) => {
      const db = await open();
      const count = { source, signatures, reported_on: today() };
      const all = await reportElsewhere(db, await requireFound(db, slug), count);
      console.log(`${slug}: ${signatures} from ${source}, ${all} signatures in all.`);
    });

  return petition;
}

const OUTDATED =
  'The text has been changed since this was printed. Print it again, and put your change into it.';

const PUBLISHED = {
  added: 'Published as a new language version.',
  changed: 'Published. What it said before is shown under “Changes”.',
  fits: 'Noted.',
  unchanged: 'Nothing to publish: it says the same already.',
} as const;
