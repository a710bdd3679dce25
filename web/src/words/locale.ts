import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
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

/**
 * The admin's language if there are words for it, otherwise English. The region decides the formats of dates and numbers.
 * Words that are not English are fetched: nobody loads a language that they do not read.
 */
export async function loadSpeech(asked: string | null | undefined): Promise<Speech> {
  const locale = supported(asked ?? '') ?? 'en';
  if (!locale.startsWith('de'))
    return { language: 'en', words: en, formats: createFormats(locale.startsWith('en') ? locale : 'en') };
  const { de } = await import('./de.ts');
  return { language: 'de', words: de, formats: createFormats(locale) };
}

export const SpeechContext = createContext<Speech>({
  language: 'en',
  words: en,
  formats: createFormats('en'),
});
export const useSpeech = (): Speech => useContext(SpeechContext);
