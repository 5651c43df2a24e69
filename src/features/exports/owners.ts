import type { Keys } from '../../crypto/keys.ts';
import type { Db } from '../../db/sql.ts';
import { formatIn, type Format } from '../../i18n/format.ts';
import { queueMail } from '../../mail/queue.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import { addressOf } from '../accounts/actions.ts';
import { findOwners } from './store.ts';

/**
 * Owes the owners of a petition a mail that something of it is leaving the site, each in the
 * language of the account. It names the petition by its link alone.
 */
export async function tellOwners(
  { keys, baseUrl }: { keys: Pick<Keys, 'account' | 'mailAddress'>; baseUrl: string },
  db: Db,
  petition: { id: string; slug: string },
  template: string,
  valuesIn: (format: Format) => Record<string, string> = () => ({}),
): Promise<void> {
  for (const owner of await findOwners(db, petition.id)) {
    const format = formatIn(owner.language);
    await queueMail(db, keys, {
      to: addressOf(keys, owner),
      locale: owner.language,
      template,
      values: {
        link: baseUrl + pathsIn(owner.language).own(petition.slug),
        day: format.day(today()),
        ...valuesIn(format),
      },
    });
  }
}
