import { Argument, Command, Option } from 'commander';
import type { Config } from '../config.ts';
import type { Db } from '../db/sql.ts';
import { StartupError } from '../errors.ts';
import { ROLES, type Account, type Role } from '../features/accounts/account.ts';
import { invite } from '../features/accounts/actions.ts';
import { giveRole, resetSecondFactor, restore, suspend } from '../features/accounts/management.ts';
import { findAccount, findAccounts } from '../features/accounts/store.ts';
import { erase } from '../features/erasure/actions.ts';
import { LOCALES, type Locale } from '../i18n/locales.ts';
import { readAccountId, readEmail } from './arguments.ts';
import { servicesOf, type OpenDatabase } from './database.ts';
import { refuse } from './sentences.ts';

/** Who may sign in, and as what. No address is ever printed. */
export function accountCommands(open: OpenDatabase, config: Config): Command {
  const account = new Command('account').description('accounts: see them, make and change them');

  account
    .command('list')
    .description('every account: number, role, state, second factor, day of its making')
    .action(async () => {
      for (const found of await findAccounts(await open())) {
        const factor = found.has_second_factor ? 'second factor' : 'password only';
        const columns = [
          found.id.padStart(6),
          found.role.padEnd(9),
          found.state.padEnd(9),
          factor,
          found.created_on.toString(),
        ];
        console.log(columns.join('  '));
      }
    });

  account.addCommand(
    createCommand(open, config, 'initiator').description(
      'prints a link with which somebody makes an account within a day',
    ),
  );

  account
    .command('role')
    .description('says what an account may do')
    .argument('<id>', 'number of the account', readAccountId)
    .addArgument(new Argument('<role>').choices(ROLES))
    .action(async (id: string, role: Role) => {
      const db = await open();
      await giveRole(db, null, await requireAccount(db, id), role);
      console.log(`Account ${id}: ${role}.`);
    });

  account
    .command('suspend')
    .description('signs somebody out at once, and lets them in no more')
    .argument('<id>', 'number of the account', readAccountId)
    .action(async (id: string) => {
      const db = await open();
      await suspend(db, null, await requireAccount(db, id));
      console.log(`Account ${id}: suspended.`);
    });

  account
    .command('restore')
    .description('lets somebody in again')
    .argument('<id>', 'number of the account', readAccountId)
    .action(async (id: string) => {
      const db = await open();
      await restore(db, null, await requireAccount(db, id));
      console.log(`Account ${id}: active.`);
    });

  account
    .command('factor')
    .description('takes away a second factor that was lost; its owner is told by mail')
    .argument('<id>', 'number of the account', readAccountId)
    .action(async (id: string) => {
      const services = await servicesOf(open, config);
      const found = await requireAccount(services.db, id);
      await resetSecondFactor(services, null, found).catch(refuse(`Account ${id} has none.`));
      console.log(`Account ${id}: password only.`);
    });

  account
    .command('erase')
    .description('erases an account for good, with its drafts; petitions stay; its owner is told')
    .argument('<id>', 'number of the account', readAccountId)
    .action(async (id: string) => {
      const services = await servicesOf(open, config);
      const found = await requireAccount(services.db, id);
      if ((await erase(services, null, found)) !== null) {
        throw new StartupError(
          `Account ${id} is the only owner of a petition that others look after too. Make somebody else an owner first: \`npm run admin -- petition owner SLUG ID\`.`,
        );
      }
      console.log(`Account ${id}: erased.`);
    });

  return account;
}

/** A link for somebody without an account. */
export const createCommand = (open: OpenDatabase, config: Config, usual: Role): Command =>
  new Command('create')
    .argument('<email>', 'of whom it is for', readEmail)
    .addOption(new Option('--role <role>').choices(ROLES).default(usual))
    .addOption(new Option('--language <language>').choices(LOCALES).default('en'))
    .action(async (email: string, { role, language }: { role: Role; language: Locale }) => {
      const services = await servicesOf(open, config);
      console.log(await invite(services, email, role, language).catch(refuse(HAS_ONE)));
    });

/** Throws StartupError when there is none of that number. */
export async function requireAccount(db: Db, id: string): Promise<Account> {
  const account = await findAccount(db, id);
  if (account === null) throw new StartupError(`There is no account ${id}.`);
  return account;
}

const HAS_ONE = 'This address has an account already. Give it a role instead.';
