import { splitEmail } from '../../crypto/email-digest.ts';

/** What shows a burst of fakes, and is kept for 14 days only. */
export interface Arrival {
  /** The full hour. */
  hour: string;
  /** Both differ from petition to petition, so that two cannot be joined by them. */
  network: string;
  domain: string;
}

export const ARRIVAL_DAYS = 14;

const HOUR_MS = 60 * 60_000;

/** Mail providers of so many people that their names say nothing of any of them. */
const BIG_PROVIDERS = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com
  me.com aol.com proton.me protonmail.com gmx.de gmx.net web.de mail.com mail.ru bk.ru inbox.ru
  list.ru yandex.ru ya.ru rambler.ru ukr.net tut.by seznam.cz wp.pl t-online.de orange.fr
  hotmail.se live.se telia.com tuta.com`.split(/\s+/),
);

export const isBigProvider = (domain: string): boolean => BIG_PROVIDERS.has(domain);

/** `labelOf` names a subject without telling it. */
export async function arrivalOf(
  labelOf: (subject: string) => Promise<string>,
  petitionId: string,
  { network, email }: { network: string; email: string },
  now = Date.now(),
): Promise<Arrival> {
  const { domain } = splitEmail(email);
  return {
    hour: new Date(now - (now % HOUR_MS)).toISOString(),
    network: await labelOf(`network ${petitionId} ${network}`),
    domain: isBigProvider(domain) ? domain : await labelOf(`domain ${petitionId} ${domain}`),
  };
}
