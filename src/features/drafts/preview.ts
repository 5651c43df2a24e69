import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import { timeLeft, timeline, VISIBILITIES } from '../petitions/petition.ts';
import { USUAL_RETENTION } from '../petitions/retention.ts';
import type { TextField } from '../petitions/petition-text.ts';
import { valuesOf, type Draft } from './draft.ts';
import { NewPetitionForm } from './schema.ts';
import { slugOf } from './slug.ts';

const { shape } = NewPetitionForm;

/** The petition's page as it would be today; a line that is not written yet is ''. */
export function previewOf(draft: Draft) {
  const values = valuesOf(draft);
  const goal = shape.goal.catch(1000).parse(values.goal);
  const length = shape.length.catch('P6M').parse(values.length);
  const said = (name: TextField) => shape[name].catch('').parse(values[name]);
  const isNamed = values.shown_as !== 'unnamed';
  const languages: Locale[] = [draft.language];
  const petition = {
    id: '0',
    slug: slugOf(values.title ?? '', draft.language),
    original_language: draft.language,
    language: draft.language,
    languages,
    goal,
    topic: shape.topic.catch('other').parse(values.topic),
    region: shape.region.catch(null).parse(values.region),
    opened_on: today(),
    closes_on: today().add(Temporal.Duration.from(length)),
    first_closes_on: null,
    extended_on: null,
    ended_early_from: null,
    submitted_on: null,
    dialogue_on: null,
    decided_on: null,
    outcome: null,
    public_keys: [],
    retention_months: USUAL_RETENTION,
    destruction_day: null,
    destroyed_on: null,
    title: said('title'),
    recipient: said('recipient'),
    text: said('text'),
    reason: said('reason'),
    thanks: said('thanks'),
    initiator_name: isNamed ? said('initiator_name') : '',
    initiator_place: isNamed ? said('initiator_place') : '',
    picture_alt: said('picture_alt'),
    picture:
      draft.picture === null || draft.state === 'rejected' // then its files are sent to nobody
        ? null
        : { ...draft.picture, alt: said('picture_alt'), language: draft.language },
    asks_place: values.asks_place === 'on',
    asks_postal_code: values.asks_postal_code === 'on',
    visibilities: VISIBILITIES.filter((visibility) => values[`allow_${visibility}`] === 'on'),
    default_visibility: shape.default_visibility
      .catch('anonymous')
      .parse(values.default_visibility),
    mail_sender: shape.mail_sender.catch(null).parse(values.mail_sender),
    mail_subject: shape.mail_subject.catch(null).parse(values.mail_subject),
    pause: null,
    block: null,
  };
  return {
    petition,
    count: { signature_count: 0, elsewhere: 0 },
    time_left: timeLeft(petition, petition.opened_on),
    timeline: timeline(petition, petition.opened_on),
    entries: [],
  };
}
