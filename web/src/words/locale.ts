import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { de } from './de.ts';
import { en } from './en.ts';
import { createFormats, type Formats } from './formats.ts';
import type { Words } from './words.ts';

/** The page's words, and the formats of dates and numbers in the admin's language. */
export interface Speech {
  readonly language: 'en' | 'de';
  readonly words: Words;
  readonly formats: Formats;
}

const supported = (tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
};

/** The admin's language if there are words for it, otherwise English. The region decides the formats of dates and numbers. */
export function toSpeech(asked: string | null | undefined): Speech {
  const locale = supported(asked ?? '') ?? 'en';
  const language = locale.startsWith('de') ? 'de' : 'en';
  const tag = locale.startsWith(language) ? locale : language;
  return { language, words: language === 'de' ? de : en, formats: createFormats(tag) };
}

export const SpeechContext = createContext<Speech>(toSpeech('en'));
export const useSpeech = (): Speech => useContext(SpeechContext);
