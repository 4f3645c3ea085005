// KEY (hex) KID CASES (JSON: {name: claims}): Common Access Tokens as @eyevinn/cat mints them, as JSON {name: token}.
import CommonAccessTokens from '@eyevinn/cat';

const [key, kid, cases] = process.argv.slice(2);
const cat = new CommonAccessTokens.CAT({ keys: { [kid]: Buffer.from(key, 'hex') }, expectCwtTag: true });
const minted = {};
for (const [name, claims] of Object.entries(JSON.parse(cases)))
  minted[name] = await cat.generateFromJson(claims, { type: 'mac', alg: 'HS256', kid });
console.log(JSON.stringify(minted));
