const block = /-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]+)-----END \1-----/;

export interface PemBlock {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The first block of the text: like the real provider, what follows it is ignored. */
export function decodePem(pem: string): PemBlock | undefined {
  const [, type, base64] = block.exec(pem) ?? [];
  if (type === undefined || base64 === undefined) return undefined;
  return { type, bytes: Buffer.from(base64, "base64") };
}

export function requirePem(pem: string, type: string): Buffer {
  const found = decodePem(pem);
  if (found === undefined) throw new Error(`failed to decode PEM of expected type "${type}" from bytes`);
  if (found.type !== type) throw new Error(`invalid PEM type - expected "${type}", got "${found.type}"`);
  return found.bytes;
}

export function encodePem(type: string, bytes: Buffer, lineLength = 64): string {
  const lines = bytes.toString("base64").match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  return `-----BEGIN ${type}-----\n${lines.join("\n")}\n-----END ${type}-----\n`;
}
