// ctrf_schema.cjs FILE: holds a report against the schema of the package "ctrf"; prints what is
// wrong with it, or "valid".
const fs = require('fs');
const Ajv = require('ajv').default;
const formats = require('ajv-formats').default;
const { getSchema } = require('ctrf');

const report = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const ajv = new Ajv({ allErrors: true });
formats(ajv);
const validate = ajv.compile(getSchema(report.specVersion));
console.log(validate(report) ? 'valid' : JSON.stringify(validate.errors, null, 1));
