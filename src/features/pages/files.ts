import { pathsIn } from '../../paths.ts';

/** Robots may not look at what is one person's, or what changes with each visit. */
const NOT_FOR_ROBOTS = [
  '/*/signatures/',
  '/*/account',
  '/*/workspace',
  '/*/petitions/*/supporters',
  '/*/petitions/*/signed',
  '/*/petitions/*/thanks',
  '/*/petitions/*/withdrawn',
  '/*/petitions/*/reports',
  '/petitions/*/count',
  '/dev/',
];

/** What robots.txt (RFC 9309) says to search engines. */
export const robots = (baseUrl: string): string =>
  [
    'User-agent: *',
    ...NOT_FOR_ROBOTS.map((path) => `Disallow: ${path}`),
    '',
    `Sitemap: ${baseUrl}/sitemap.xml`,
    '',
  ].join('\n');

/**
 * Where to report a hole in the site's security (RFC 9116). Without an address to write to, the
 * page about the site says who runs it.
 */
export function securityContact(
  { baseUrl, supportEmail }: { baseUrl: string; supportEmail: string | null },
  today: Temporal.PlainDate,
): string {
  const contact = supportEmail === null ? baseUrl + pathsIn('en').about : 'mailto:' + supportEmail;
  const expires = today.add({ months: 6 }).with({ day: 1 });
  return [
    `Contact: ${contact}`,
    `Expires: ${expires.toString()}T00:00:00Z`,
    'Preferred-Languages: sv, en, ru',
    `Canonical: ${baseUrl}/.well-known/security.txt`,
    '',
  ].join('\n');
}
