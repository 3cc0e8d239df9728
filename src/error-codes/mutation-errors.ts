// Refusals of mutations, which docs/errors.md is printed from: `npm run docs`.

/** `issues[].code` of InvalidInputError, which a mutation answers. */
export const INPUT_ISSUES = {
  REQUIRED: ['The value is missing, empty, or null where it can not be cleared.', 'Give a value.'],
  TOO_LONG: [
    'The text has too many characters, or the JSON too many bytes.',
    'Shorten it. The message has the limit.',
  ],
  TOO_MANY: [
    'The list has too many entries, or the change would make it so.',
    'Give or keep fewer. The message has the limit.',
  ],
  OUT_OF_RANGE: ['The number is outside the allowed range.', 'Give a number in the range of the message.'],
  NOT_ALLOWED: [
    'The field is not for this viewer, or does not go with another field of the input.',
    'Leave the field out.',
  ],
  DUPLICATE: ['Two entries of the list are for the same thing.', 'Give each entry once.'],
  CONTRADICTION: [
    'A value is in both the list of what is added and the list of what is removed.',
    'Give it in one of them.',
  ],
  WRONG_TYPE: ['The id has the prefix of another type.', 'Give an id of a type that the message names.'],
  NOT_AN_OBJECT: ['The JSON is not an object.', 'Give a JSON object.'],
  NOT_AN_EMAIL: ['The text is not an email address.', 'Give an address such as ana@example.com.'],
  NOT_A_PHONE_NUMBER: [
    'The text is not a phone number in international form (E.164).',
    'Give a number such as +14155550123.',
  ],
  NOT_A_URL: [
    'The text is not a URL of an allowed scheme, or holds what no URL may; or the JSON has a text that a browser would run as a link.',
    'Give a URL as the message says.',
  ],
  NOT_A_COUNTRY: ['The text is not a country code of ISO 3166-1.', 'Give two letters such as DE.'],
  NOT_A_LANGUAGE: ['The text is not a language tag of BCP 47.', 'Give a tag such as de or pt-BR.'],
  NOT_IN_THE_FUTURE: ['The time is not later than now.', 'Give a later time.'],
  NOT_A_FORM: [
    'The message asks for no answer, so that nothing can be submitted to it.',
    'Submit to a message with a form.',
  ],
  UNKNOWN_FIELD: ['The form has no field of this name.', 'Give a name from the message.'],
  NOT_AN_OPTION: ['The value is not among the options of the field.', 'Give an option from the message.'],
  DELETED: ['The message is deleted, and can not be changed.', 'Load the conversation again.'],
  NOT_THE_SENDER: ['The field can only be changed by the sender of the message.', 'Leave the field out.'],
  NOT_OUTGOING: [
    'The message has no delivery status, because it is not one from the team to the contact.',
    'Leave the field out.',
  ],
  INVALID_TRANSITION: [
    'The delivery status can not follow the present one.',
    'Ignore it if the report is late. The message has the statuses that can follow.',
  ],
  TAKEN: ['Another object of the organization has the value, which is unique.', 'Give another value.'],
  FIXED: ['The field can not be changed after its object was created.', 'Create another object.'],
  LAST_ADMIN: [
    'The change would leave the organization without an administrator.',
    'Make another user an administrator first.',
  ],
} as const satisfies Record<string, readonly [when: string, action: string]>;

export type InputIssueCode = keyof typeof INPUT_ISSUES;

/** Members of mutation results that implement UserError, by `__typename`. */
export const USER_ERRORS = {
  InvalidInputError: [
    'Fields of the input can not be used. `issues` lists them, at most 20, each with a code of the next table.',
    'Show the issues at their fields.',
  ],
  NotFoundError: [
    'The input names an object that does not exist, or that the viewer may not see.',
    'Load the page again.',
  ],
  VersionConflictError: [
    'The conversation changed after `expectedVersion`.',
    'Show `conversation`, and ask the person again.',
  ],
  NewerMessagesError: [
    'The conversation has messages after `expectedLastSeq`.',
    'Show `newer`, and send with the new `lastSeq`.',
  ],
  InvalidTransitionError: [
    'The conversation can not change from its status to the one of the input.',
    'Offer the statuses that the message names.',
  ],
  AlreadyAssignedError: [
    'Another user owns the conversation already.',
    'Show the owner in `conversation`. To take it over, use assignConversation.',
  ],
  ConversationClosedError: [
    'The conversation has a status that takes no reply: CLOSED or SPAM.',
    'Set its status to OPEN first.',
  ],
  ContactBlockedError: ['The contact is blocked.', 'Do not retry. A team member can unblock them.'],
  ContactConflictError: [
    'Another contact has this identifier, email or phone number.',
    'Use `conflictingContact`, or change the value.',
  ],
  IdempotencyKeyReusedError: [
    'The idempotencyKey was used before with another input.',
    'Use a new key for each change, and the same input when a change is sent again.',
  ],
  NotConfiguredError: [
    'The server is not configured for this feature.',
    'Hide the feature. The message names the variables to set.',
  ],
} as const satisfies Record<string, readonly [when: string, action: string]>;
