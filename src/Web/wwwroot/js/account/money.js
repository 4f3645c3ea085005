// Prices as people read them.

/** `money(1999, 'eur')` → "€19.99", in the reader's own way; amounts are in the currency's smallest unit. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency: currency.toUpperCase() });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** "€19.99 a month", "€50 every 3 months", "€5". */
export function priceOf({ amount, currency, interval, intervalCount }) {
  if (!interval) return money(amount, currency);
  return `${money(amount, currency)} ${intervalCount > 1 ? `every ${intervalCount} ${interval}s` : `a ${interval}`}`;
}
