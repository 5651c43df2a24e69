import type { Locale } from '../../../i18n/locales.ts';
import { pathsIn } from '../../../paths.ts';
import { deadLink, type AccountServices } from '../actions.ts';
import { hasAdmin } from '../store.ts';
import { firstAdminToken, isFirstAdminToken } from '../tokens.ts';

/**
 * A link that makes the first admin, or null for a site that has one. Whoever started the site
 * sees it.
 */
export async function inviteFirstAdmin(
  { db, keys, baseUrl }: AccountServices,
  locale: Locale,
): Promise<string | null> {
  if (await hasAdmin(db)) return null;
  return baseUrl + pathsIn(locale).firstAdmin(firstAdminToken(keys.accountToken));
}

/** Throws AppError `not_found` for a link that is forged or too old, or when there is an admin. */
export async function requireFirst({ db, keys }: AccountServices, token: string): Promise<void> {
  if (!isFirstAdminToken(keys.accountToken, token) || (await hasAdmin(db))) throw deadLink();
}
