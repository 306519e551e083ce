// Comparing what a client library decodes, field by field, in both directions: a field too many is a
// difference too.

/** The library's numbers, keys and byte arrays as text, so that they compare and print. */
export function plain(value) {
  if (value === null || value === undefined) return null;
  if (typeof value.toBase58 === "function") return value.toBase58();
  if (typeof value.toArrayLike === "function") return value.toString(10);
  if (typeof value === "number" || typeof value === "bigint") return value.toString();
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Buffer.from(value).toString("hex");
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** One line for each leaf that differs, or is on one side only. */
export function differences(expected, found, path = "") {
  const nested = (value) => value !== null && typeof value === "object";
  if (!nested(expected) || !nested(found)) {
    const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value));
    return expected === found ? [] : [`${path}: expected ${show(expected)}, found ${show(found)}`];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...keys].flatMap((key) => differences(expected[key], found[key], path ? `${path}.${key}` : key));
}
