/** Currency, fictional phone numbers and time zone of a country. */
export interface Country {
  currency: string;
  /** Rough price of one euro. */
  rate: number;
  /** Prefix of fictional phone numbers (createPhoneNumber). */
  phone: string;
  timezone: string;
}

// Numbers are from the block that the country reserves for fiction (GB, US, CA, DE, FR, AU, IE, SE). In other countries the
// subscriber's part begins with zeros, so that the number belongs to nobody.
const COUNTRIES: Record<string, Country> = {
  GB: { currency: 'GBP', rate: 0.9, phone: '+44770090', timezone: 'Europe/London' },
  IE: { currency: 'EUR', rate: 1, phone: '+35320911', timezone: 'Europe/Dublin' },
  US: { currency: 'USD', rate: 1.1, phone: '+1415555', timezone: 'America/Los_Angeles' },
  CA: { currency: 'CAD', rate: 1.5, phone: '+1613555', timezone: 'America/Toronto' },
  AU: { currency: 'AUD', rate: 1.7, phone: '+6125550', timezone: 'Australia/Sydney' },
  NZ: { currency: 'NZD', rate: 1.8, phone: '+64200000', timezone: 'Pacific/Auckland' },
  IN: { currency: 'INR', rate: 95, phone: '+91900000', timezone: 'Asia/Kolkata' },
  SE: { currency: 'SEK', rate: 11, phone: '+4670174', timezone: 'Europe/Stockholm' },
  DE: { currency: 'EUR', rate: 1, phone: '+493023125', timezone: 'Europe/Berlin' },
  AT: { currency: 'EUR', rate: 1, phone: '+43660000', timezone: 'Europe/Vienna' },
  CH: { currency: 'CHF', rate: 0.95, phone: '+41790000', timezone: 'Europe/Zurich' },
  ES: { currency: 'EUR', rate: 1, phone: '+34600000', timezone: 'Europe/Madrid' },
  MX: { currency: 'MXN', rate: 20, phone: '+525500000', timezone: 'America/Mexico_City' },
  AR: { currency: 'ARS', rate: 1500, phone: '+541100000', timezone: 'America/Argentina/Buenos_Aires' },
  CO: { currency: 'COP', rate: 4500, phone: '+57300000', timezone: 'America/Bogota' },
  FR: { currency: 'EUR', rate: 1, phone: '+3363998', timezone: 'Europe/Paris' },
  BE: { currency: 'EUR', rate: 1, phone: '+32470000', timezone: 'Europe/Brussels' },
  BR: { currency: 'BRL', rate: 6, phone: '+551190000', timezone: 'America/Sao_Paulo' },
  PT: { currency: 'EUR', rate: 1, phone: '+35190000', timezone: 'Europe/Lisbon' },
  IT: { currency: 'EUR', rate: 1, phone: '+39300000', timezone: 'Europe/Rome' },
  PL: { currency: 'PLN', rate: 4.3, phone: '+4820000', timezone: 'Europe/Warsaw' },
  TR: { currency: 'TRY', rate: 45, phone: '+90500000', timezone: 'Europe/Istanbul' },
  AE: { currency: 'AED', rate: 4, phone: '+97150000', timezone: 'Asia/Dubai' },
  EG: { currency: 'EGP', rate: 53, phone: '+20100000', timezone: 'Africa/Cairo' },
  SA: { currency: 'SAR', rate: 4, phone: '+96650000', timezone: 'Asia/Riyadh' },
  JP: { currency: 'JPY', rate: 165, phone: '+81900000', timezone: 'Asia/Tokyo' },
  KR: { currency: 'KRW', rate: 1600, phone: '+82100000', timezone: 'Asia/Seoul' },
  CN: { currency: 'CNY', rate: 8, phone: '+86100000', timezone: 'Asia/Shanghai' },
  SG: { currency: 'SGD', rate: 1.45, phone: '+65800', timezone: 'Asia/Singapore' },
  TH: { currency: 'THB', rate: 38, phone: '+66800000', timezone: 'Asia/Bangkok' },
};

// Last digits in countries whose block does not end with four digits from 0001.
const LAST_DIGITS: Record<string, (nth: number) => string> = {
  US: (nth) => `0${100 + nth}`,
  CA: (nth) => `0${100 + nth}`,
  DE: (nth) => `${nth}`.padStart(3, '0'),
  SE: (nth) => `${605 + nth}`.padStart(4, '0'),
};

export function findCountry(code: string): Country {
  const country = COUNTRIES[code];
  if (!country) throw new Error(`unknown country ${code}`);
  return country;
}

/** The nth fictional phone number of a country, in international form. */
export function createPhoneNumber(code: string, nth: number): string {
  const last = LAST_DIGITS[code] ?? ((number: number) => `${number}`.padStart(4, '0'));
  return findCountry(code).phone + last(nth);
}
