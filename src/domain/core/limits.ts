/** Limits of client input. Schema descriptions and error texts are built from them. */
export const LIMITS = {
  /** Lengths, in characters. */
  name: 255,
  idempotencyKey: 255,
  detail: 5_000,
  message: 50_000,
  address: 320,
  url: 2_048,
  question: 1_000,
  answer: 10_000,
  label: 100,
  language: 35,
  filterText: 200,
  /** Numbers of entries. */
  labels: 50,
  attachments: 30,
  participants: 200,
  answers: 200,
  bookings: 100,
  /** Self-reported addresses of one contact. */
  selfReportedAddresses: 20,
  mentions: 50,
  conversationsAtOnce: 100,
  invitableUsers: 50,
  formValues: 100,
  filterValues: 100,
  nodes: 100,
  pageSize: 100,
  defaultPageSize: 20,
  /** Nesting depth of JSON in a variable. */
  inputDepth: 100,
  /** Sizes, in bytes of JSON. */
  customAttributes: 65_536,
  contentAttributes: 65_536,
} as const;
