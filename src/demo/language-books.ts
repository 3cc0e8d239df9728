import type { LanguageBook } from './dialogue.ts';
import { ARABIC } from './dialogues/arabic.ts';
import { CHINESE } from './dialogues/chinese.ts';
import { ENGLISH } from './dialogues/english.ts';
import { FRENCH } from './dialogues/french.ts';
import { GERMAN } from './dialogues/german.ts';
import { ITALIAN } from './dialogues/italian.ts';
import { JAPANESE } from './dialogues/japanese.ts';
import { KOREAN } from './dialogues/korean.ts';
import { POLISH } from './dialogues/polish.ts';
import { PORTUGUESE } from './dialogues/portuguese.ts';
import { SPANISH } from './dialogues/spanish.ts';
import { THAI } from './dialogues/thai.ts';
import { TURKISH } from './dialogues/turkish.ts';

export const LANGUAGE_BOOKS: readonly LanguageBook[] = [
  ENGLISH,
  GERMAN,
  SPANISH,
  FRENCH,
  PORTUGUESE,
  JAPANESE,
  CHINESE,
  ARABIC,
  THAI,
  TURKISH,
  POLISH,
  ITALIAN,
  KOREAN,
];
