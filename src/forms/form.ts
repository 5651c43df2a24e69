import { z } from 'zod';

/** An i18n key and the numbers of its sentence. */
export interface FieldError {
  key: string;
  values: Record<string, unknown>;
}

/** A form as its template needs it: what was typed, and what is wrong with it. */
export interface Form {
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, FieldError>>;
  /** What hinders the form as a whole. */
  notice?: FieldError;
}

const Body = z.record(z.string(), z.unknown()).catch({});

export const blankForm: Form = { values: {}, errors: {} };

export const filledForm = (values: Record<string, string>): Form => ({ values, errors: {} });

/**
 * Parses a submitted body. Schemas carry no words: each first issue of a field becomes an i18n
 * key of the namespace `validation`.
 */
export function readForm<S extends z.ZodObject>(
  schema: S,
  body: unknown,
): { data: z.output<S>; form: Form } | { data: null; form: Form } {
  const given = Body.parse(body);
  const values = typedValues(schema, given);
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return { data: parsed.data, form: { values, errors: {} } };

  return { data: null, form: { values, errors: firstErrors(schema, parsed.error.issues) } };
}

/** In the order of the form's fields. */
function firstErrors(schema: z.ZodObject, issues: z.core.$ZodIssue[]): Form['errors'] {
  const errors: Record<string, FieldError> = {};
  for (const name of Object.keys(schema.shape)) {
    const issue = issues.find(({ path }) => path[0] === name);
    if (issue) errors[name] = { key: `validation:${keyOf(issue)}`, values: limits(issue) };
  }
  return errors;
}

/** Only the form's own fields, and only text: what a template may print into them again. */
function typedValues(schema: z.ZodObject, given: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.keys(schema.shape)
      .map((name) => [name, given[name]] as const)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A custom issue brings its own word; what is missing is `required`, what is no text `unreadable`. */
function keyOf(issue: z.core.$ZodIssue): string {
  const field = String(issue.path[0]);
  switch (issue.code) {
    case 'custom':
      return issue.message;
    case 'too_big':
      return 'too_long';
    case 'too_small':
      return `${field}.required`;
    default:
      return issue.input === undefined || issue.code === 'invalid_value'
        ? `${field}.required`
        : 'unreadable';
  }
}

const limits = (issue: z.core.$ZodIssue): Record<string, unknown> =>
  issue.code === 'too_big' ? { count: Number(issue.maximum) } : {};
