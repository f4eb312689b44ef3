// Serves S3 in memory on a free port of loopback: node serve.mjs FOLDER, where FOLDER has fauxqs installed. (Its own command listens everywhere.)
const { buildApp } = await import(`${process.argv[2]}/node_modules/fauxqs/dist/app.js`);
const app = buildApp({ logger: false });
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
