import type { FrameLocator } from 'playwright-core';

// By language, what the page calls the customers that Shopify listed, and each thing that may have become of one.
const LABELS = {
  en: {
    listed: 'Customers in Shopify',
    outcomes: [
      'Brought up to date',
      'Already the same here',
      'Already newer here',
      'Deleted people, left out',
      'Came a second time',
      'Failed',
      'Could not be read',
      'Left for another look',
    ],
  },
  de: {
    listed: 'Kunden in Shopify',
    outcomes: [
      'Auf den neuesten Stand gebracht',
      'Hier schon gleich',
      'Hier schon neuer',
      'Gelöschte, ausgelassen',
      'Ein zweites Mal gekommen',
      'Fehlgeschlagen',
      'Nicht lesbar',
      'Wird noch einmal geprüft',
    ],
  },
} as const;

/** The figures of the last full sync's report as the page shows them: how many were listed, and what became of them. */
export async function reportFigures(app: FrameLocator, language: keyof typeof LABELS = 'en') {
  const figureOf = async (label: string) => {
    const row = app.locator('.report div').filter({ has: app.getByText(label, { exact: true }) });
    return Number((await row.getByRole('definition').textContent())?.replaceAll(/\D/g, '') || NaN);
  };
  const { listed, outcomes } = LABELS[language];
  return { listed: await figureOf(listed), outcomes: await Promise.all(outcomes.map(figureOf)) };
}
