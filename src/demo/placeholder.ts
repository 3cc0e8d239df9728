import { findCountry } from './country.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';

const DAY_MS = 86_400_000;
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Values of `{order}` and the other placeholders in one conversation. */
export type PlaceholderValues = ReturnType<typeof createPlaceholderValues>;

export function createPlaceholderValues(
  { person, owner, colleague, endedAt }: Pick<Scene, 'person' | 'owner' | 'colleague' | 'endedAt'>,
  random: Random,
) {
  const locale = `${person.language}-${person.country}`;
  const { currency, rate } = findCountry(person.country);
  const price = random.whole(12, 260) * rate;
  const day = new Date(endedAt.getTime() + random.whole(2, 9) * DAY_MS);
  return {
    contact: person.address,
    email: person.email,
    agent: owner.displayName,
    colleague: colleague.displayName,
    order: `M-${random.digits(5)}`,
    invoice: `INV-${endedAt.getUTCFullYear()}-${random.digits(4)}`,
    booking: `BK-${random.pick([...UPPER])}${random.digits(2)}${random.pick([...UPPER])}${random.digits(2)}`,
    tracking: `MP${random.digits(9)}`,
    amount: new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      maximumFractionDigits: rate > 10 ? 0 : 2,
      minimumFractionDigits: rate > 10 ? 0 : 2,
    }).format(rate > 10 ? Math.round(price / 10) * 10 : Math.round(price) - 0.1),
    day: new Intl.DateTimeFormat(locale, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      timeZone: 'UTC',
    }).format(day),
  };
}

export function fillIn(text: string, values: PlaceholderValues): string {
  return text.replace(/\{([a-z]+)\}/g, (_whole, name: string) => {
    const value = values[name as keyof PlaceholderValues];
    if (value === undefined) throw new Error(`unknown placeholder {${name}}`);
    return value;
  });
}
