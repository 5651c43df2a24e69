/** What every Node process costs before it does anything. */
console.log('{}');
