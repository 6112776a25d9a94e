// Has the unmodified @sigstore/verify judge bundles: node verify.mjs FOLDER BUNDLE...
// FOLDER holds trusted_root.json and keys.json. Prints one line per bundle: ACCEPTED or REFUSED, and why.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';

const [folder, ...bundles] = process.argv.slice(2);
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const keys = Object.fromEntries(
  json(join(folder, 'keys.json')).keys.map((key) => [
    key.keyId,
    { rawBytes: Buffer.from(key.rawBytes, 'base64'), keyDetails: 5 },
  ]),
);
const trusted = toTrustMaterial(TrustedRoot.fromJSON(json(join(folder, 'trusted_root.json'))), keys);
const verifier = new Verifier(trusted, { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 });

for (const file of bundles) {
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(json(file))));
    console.log('ACCEPTED');
  } catch (refusal) {
    console.log(`REFUSED ${refusal.code ?? refusal.name}: ${refusal.message}`.replaceAll('\n', ' '));
  }
}
