import type { FrameLocator } from 'playwright-core';

// By language: the page's labels of the customers read by an import, and of each outcome.
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

/** The figures of the last import's report on the page: customers read, and the count of each outcome. */
export async function reportFigures(app: FrameLocator, language: keyof typeof LABELS = 'en') {
  const figureOf = async (label: string) => {
    const row = app.locator('.report div').filter({ has: app.getByText(label, { exact: true }) });
    return Number((await row.getByRole('definition').textContent())?.replaceAll(/\D/g, '') || NaN);
  };
  const { read, outcomes } = LABELS[language];
  return { read: await figureOf(read), outcomes: await Promise.all(outcomes.map(figureOf)) };
}
