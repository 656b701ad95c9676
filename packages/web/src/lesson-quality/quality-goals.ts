/** Defines what a lesson is measured against, and how its figures are written. */

/** Viewers who watched to the end. */
export const LEAST_COMPLETION = 0.995;
/** Viewers who complained: fewer than this. */
export const MOST_COMPLAINTS = 0.01;

/** Of one lesson or of many. */
type Rates = { readonly completionRate: number | null; readonly complaintRate: number | null };

export function isCompletionGood(rate: number | null): boolean {
  return rate === null || rate >= LEAST_COMPLETION;
}

export function isComplaintGood(rate: number | null): boolean {
  return rate === null || rate < MOST_COMPLAINTS;
}

export function isQualityGood({ completionRate, complaintRate }: Rates): boolean {
  return isCompletionGood(completionRate) && isComplaintGood(complaintRate);
}

/** A share in per cent; what is not quite everything is never written as 100 %. @param language BCP 47 */
export function shareText(share: number | null, language: string): string {
  if (share === null) return "–";
  const kept = share < 1 ? Math.min(share, 0.9999) : share;
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 }).format(kept);
}
