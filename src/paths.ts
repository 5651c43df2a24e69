/** The URL map of the site. Every page's first segment is its language. */
export const pathsIn = (locale: string) => {
  const petition = (slug: string) => `/${locale}/petitions/${slug}`;
  const own = (slug: string) => `/${locale}/workspace/petitions/${slug}`;
  const moderated = (slug: string) => `/${locale}/admin/petitions/${slug}/signatures`;
  const draft = (id: string) => `/${locale}/workspace/drafts/${id}`;
  return {
    home: `/${locale}`,
    /** Lists of petitions: only what differs from the usual stands in the address. */
    petitions: (query: Record<string, string | null>) => `/${locale}${queryOf(query)}`,
    about: `/${locale}/about`,
    rules: `/${locale}/rules`,
    privacy: `/${locale}/privacy`,
    accessibility: `/${locale}/accessibility`,
    decisions: (before?: string) => `/${locale}/decisions${queryOf({ before })}`,
    petition,
    signatures: (slug: string) => `${petition(slug)}/signatures`,
    signed: (slug: string) => `${petition(slug)}/signed`,
    thanks: (slug: string) => `${petition(slug)}/thanks`,
    withdrawn: (slug: string) => `${petition(slug)}/withdrawn`,
    reasons: (slug: string, before?: string) => `${petition(slug)}/reasons${queryOf({ before })}`,
    supporters: (slug: string, before?: string) =>
      `${petition(slug)}/supporters${queryOf({ before })}`,
    statistics: (slug: string) => `${petition(slug)}/statistics`,
    statisticsFile: (slug: string) => `${petition(slug)}/statistics.csv`,
    changes: (slug: string, before?: string) => `${petition(slug)}/changes${queryOf({ before })}`,
    translations: (slug: string) => `${petition(slug)}/translations`,
    translation: (slug: string, language: string) => `${petition(slug)}/translations/${language}`,
    translationsSent: (slug: string) => `${petition(slug)}/translations/sent`,
    translationsThanks: (slug: string) => `${petition(slug)}/translations/thanks`,
    proposalConfirmation: (token: string) => `/${locale}/translations/${token}`,
    reports: (slug: string) => `${petition(slug)}/reports`,
    reportsThanks: (slug: string) => `${petition(slug)}/reports/thanks`,
    newReport: (slug: string, subject: string, of: string | null = null) =>
      `${petition(slug)}/reports/new${queryOf({ subject, of })}`,
    countStream,
    document: documentPath,
    picture: picturePath,
    account: `/${locale}/account`,
    accountErasure: `/${locale}/account/erasure`,
    accountErased: `/${locale}/account/erased`,
    newAccount: `/${locale}/account/new`,
    newAccountSent: `/${locale}/account/new/sent`,
    accountStart: (token: string) => `/${locale}/account/new/${token}`,
    firstAdmin: (token: string) => `/${locale}/account/first/${token}`,
    signIn: `/${locale}/account/session`,
    signOut: `/${locale}/account/session/end`,
    secondFactor: `/${locale}/account/session/second-factor`,
    secondFactorAgain: `/${locale}/account/second-factor/repetition`,
    recovery: `/${locale}/account/recovery`,
    recoverySent: `/${locale}/account/recovery/sent`,
    passwordReset: (token: string) => `/${locale}/account/recovery/${token}`,
    password: `/${locale}/account/password`,
    secondFactorSetUp: `/${locale}/account/second-factor`,
    secondFactorReplacement: `/${locale}/account/second-factor/replacement`,
    secondFactorRemoval: `/${locale}/account/second-factor/removal`,
    recoveryCodes: `/${locale}/account/second-factor/codes`,
    sessionsEnd: `/${locale}/account/sessions/end`,
    workspace: `/${locale}/workspace`,
    drafts: `/${locale}/workspace/drafts`,
    draft,
    draftStep: (id: string, step: string) => `${draft(id)}/${step}`,
    draftReview: (id: string) => `${draft(id)}/review`,
    draftReviewEnd: (id: string) => `${draft(id)}/review/end`,
    draftPictureRemoval: (id: string) => `${draft(id)}/picture/removal`,
    draftCopy: (id: string) => `${draft(id)}/copy`,
    draftDeletion: (id: string) => `${draft(id)}/deletion`,
    own,
    ownTexts: (slug: string) => `${own(slug)}/texts`,
    ownNames: (slug: string) => `${own(slug)}/names`,
    ownText: (slug: string, language: string) => `${own(slug)}/texts/${language}`,
    ownTextFit: (slug: string, language: string) => `${own(slug)}/texts/${language}/fit`,
    ownProposal: (slug: string, id: string) => `${own(slug)}/proposals/${id}`,
    ownProposalRejection: (slug: string, id: string) => `${own(slug)}/proposals/${id}/rejection`,
    ownPicture: (slug: string) => `${own(slug)}/picture`,
    ownPictureRemoval: (slug: string) => `${own(slug)}/picture/removal`,
    ownStages: (slug: string) => `${own(slug)}/stages`,
    ownStage: (slug: string, step: string) => `${own(slug)}/stages/${step}`,
    stageEntry: (slug: string, id: string) => `${own(slug)}/stages/entries/${id}`,
    stageEntryDeletion: (slug: string, id: string) => `${own(slug)}/stages/entries/${id}/deletion`,
    members: (slug: string) => `${own(slug)}/members`,
    admin: `/${locale}/admin`,
    managedAccounts: (query: Record<string, string | null> = {}) =>
      `/${locale}/admin/accounts${queryOf(query)}`,
    managedAccount: (id: string) => `/${locale}/admin/accounts/${id}`,
    managedErasure: (id: string) => `/${locale}/admin/accounts/${id}/erasure`,
    auditLog: (query: Record<string, string | null> = {}) =>
      `/${locale}/admin/audit${queryOf(query)}`,
    auditFile: (query: Record<string, string | null> = {}) =>
      `/${locale}/admin/audit.jsonl${queryOf(query)}`,
    reviews: `/${locale}/admin/reviews`,
    review: (id: string) => `/${locale}/admin/reviews/${id}`,
    reviewPublication: (id: string) => `/${locale}/admin/reviews/${id}/publication`,
    reviewReturn: (id: string) => `/${locale}/admin/reviews/${id}/return`,
    reviewRejection: (id: string) => `/${locale}/admin/reviews/${id}/rejection`,
    reviewOthers: (id: string) => `/${locale}/admin/reviews/${id}/others`,
    adminDecisions: (query: Record<string, string | null> = {}) =>
      `/${locale}/admin/decisions${queryOf(query)}`,
    decisionUndoing: (id: string) => `/${locale}/admin/decisions/${id}/undoing`,
    petitionBlock: (slug: string) => `/${locale}/admin/petitions/${slug}/block`,
    petitionBlockOthers: (slug: string) => `/${locale}/admin/petitions/${slug}/block/others`,
    memberInvitations: (slug: string) => `${own(slug)}/members/invitations`,
    memberInvitationEnd: (slug: string, id: string) =>
      `${own(slug)}/members/invitations/${id}/withdrawal`,
    memberRole: (slug: string, id: string) => `${own(slug)}/members/${id}/role`,
    memberHandOver: (slug: string, id: string) => `${own(slug)}/members/${id}/handing-over`,
    memberRemoval: (slug: string, id: string) => `${own(slug)}/members/${id}/removal`,
    ownMails: (slug: string) => `${own(slug)}/mails`,
    invitation: (token: string) => `/${locale}/workspace/invitations/${token}`,
    invitationAcceptance: (token: string) => `/${locale}/workspace/invitations/${token}/acceptance`,
    invitationRefusal: (token: string) => `/${locale}/workspace/invitations/${token}/refusal`,
    petitionSignatures: moderated,
    signatureSelection: (slug: string, query: Record<string, string>) =>
      `${moderated(slug)}/selection${queryOf(query)}`,
    signatureByAddress: (slug: string) => `${moderated(slug)}/address`,
    bulkChanges: (slug: string) => `${moderated(slug)}/changes`,
    bulkChangeCancellation: (slug: string, id: string) =>
      `${moderated(slug)}/changes/${id}/cancellation`,
    bulkChangeUndoing: (slug: string, id: string) => `${moderated(slug)}/changes/${id}/undoing`,
    petitionPause: (slug: string) => `/${locale}/admin/petitions/${slug}/pause`,
    petitionPauseEnd: (slug: string) => `/${locale}/admin/petitions/${slug}/pause/end`,
    lists: `/${locale}/admin/lists`,
    listRemoval: `/${locale}/admin/lists/removal`,
    sitePause: `/${locale}/admin/pause`,
    sitePauseEnd: `/${locale}/admin/pause/end`,
    adminPetitions: (query: Record<string, string | null> = {}) =>
      `/${locale}/admin/petitions${queryOf(query)}`,
    adminPetition: (slug: string) => `/${locale}/admin/petitions/${slug}`,
    retention: `/${locale}/admin/retention`,
    petitionRetention: (slug: string) => `/${locale}/admin/petitions/${slug}/retention`,
    destruction: (slug: string) => `/${locale}/admin/petitions/${slug}/retention/destruction`,
    adminReports: `/${locale}/admin/reports`,
    adminPetitionReports: (slug: string) => `/${locale}/admin/petitions/${slug}/reports`,
    adminReportsKeeping: (slug: string) => `/${locale}/admin/petitions/${slug}/reports/keeping`,
    adminReport: (slug: string, name: string) =>
      `/${locale}/admin/petitions/${slug}/reports/${name}`,
    adminReportDecision: (slug: string, name: string) =>
      `/${locale}/admin/petitions/${slug}/reports/${name}/decision`,
    adminReportUndoing: (slug: string, name: string) =>
      `/${locale}/admin/petitions/${slug}/reports/${name}/undoing`,
    adminExports: (slug: string) => `/${locale}/admin/petitions/${slug}/exports`,
    adminNewExport: (slug: string) => `/${locale}/admin/petitions/${slug}/exports/new`,
    adminHandOver: (slug: string) => `/${locale}/admin/petitions/${slug}/hand-over`,
    adminExport: (id: string) => `/${locale}/admin/exports/${id}`,
    adminExportFile: (id: string) => `/${locale}/admin/exports/${id}/file`,
    similar: `/${locale}/workspace/similar`,
    signature: (token: string) => `/${locale}/signatures/${token}`,
    signatureSaved: (token: string) => `/${locale}/signatures/${token}?saved`,
    confirmation: (token: string) => `/${locale}/signatures/${token}/confirmation`,
    withdrawal: (token: string) => `/${locale}/signatures/${token}/withdrawal`,
  };
};

export type Paths = ReturnType<typeof pathsIn>;

/** The stream of a petition's count, the same in every language. */
export const countStream = (slug: string): string => `/petitions/${slug}/count`;

/** A file that was published with a petition, the same in every language. */
export const documentPath = (id: string): string => `/documents/${id}.pdf`;

/** The petition whose count the stream at an address tells, or null. */
export const slugOfCountStream = (url: string): string | null =>
  /^\/petitions\/([a-z0-9-]{1,100})\/count$/.exec(url)?.[1] ?? null;

/** The file of a picture in one of its widths, the same in every language. */
export const picturePath = (id: string, width: number): string => `/pictures/${id}/${width}.webp`;

export const sitemapFilePath = (number: number): string => `/sitemaps/${number}.xml`;

/** What is asked of an address, without what is not given. */
export function queryOf(values: Record<string, string | null | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** The usual way of writing an address: small letters, no escapes where none are needed. */
export function usualAddress(url: string): string {
  const local = url.replace(/^https?:\/\/[^/?]*/i, '');
  const [path = ''] = local.split('?', 1);
  let plain = path;
  try {
    plain = decodeURIComponent(path);
  } catch {
    // Broken escapes lead nowhere.
  }
  return plain.toLowerCase().replace(/\/{2,}/g, '/') + local.slice(path.length);
}

/** The same page in another language, or '' for any: only the first segment differs. */
export function pathInLocale(url: string, locale: string): string {
  const [path = ''] = url.split('?', 1);
  const rest = path.replace(/^\/*[^/]*\/?/, '').replace(/\/$/, '');
  return `/${[locale, rest].filter((part) => part !== '').join('/')}${url.slice(path.length)}`;
}
