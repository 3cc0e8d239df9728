/** The field `removedAt` of everything that administrators can remove. */
export const REMOVED_AT = {
  type: 'DateTime',
  nullable: true,
  visibility: 'team',
  description:
    'When it was removed: it is in no list and can not be used any more, but what named it still does. Null while it is in use.',
  select: { removedAt: true },
  resolve: (row: { removedAt: Date | null }) => row.removedAt,
} as const;
