const isSoak = process.env['SOAK'] === '1';

/** A number of `npm test`, or the large one of `npm run test:soak`. */
export const soak = (usual: number, large: number): number => (isSoak ? large : usual);
