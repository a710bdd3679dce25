import type { FrameLocator } from 'playwright-core';

// By language, what the page calls the customers that an import has read, and each thing that may have become of one.
const LABELS = {
  en: {
    read: 'Customers read',
    outcomes: [
      'Written',
      'Already the same here',
      'Already newer here',
      'Came a second time',
      'Deleted people, left out',
      'Failed',
      'Could not be read',
      'Further lines about a customer',
    ],
  },
  de: {
    read: 'Gelesene Kunden',
    outcomes: [
      'Geschrieben',
      'Hier schon gleich',
      'Hier schon neuer',
      'Ein zweites Mal gekommen',
      'Gelöschte, ausgelassen',
      'Fehlgeschlagen',
      'Nicht lesbar',
      'Weitere Zeilen zu einem Kunden',
    ],
  },
} as const;

/** The figures of the last import's report as the page shows them: how many were read, and what became of them. */
export async function reportFigures(app: FrameLocator, language: keyof typeof LABELS = 'en') {
  const figureOf = async (label: string) => {
    const row = app.locator('.report div').filter({ has: app.getByText(label, { exact: true }) });
    return Number((await row.getByRole('definition').textContent())?.replaceAll(/\D/g, '') || NaN);
  };
  const { read, outcomes } = LABELS[language];
  return { read: await figureOf(read), outcomes: await Promise.all(outcomes.map(figureOf)) };
}
