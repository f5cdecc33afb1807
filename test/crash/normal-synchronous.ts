/**
 * The planted fault of the power cut, imported before a program: databases that ask to be durable are made to be merely
 * consistent. What was acknowledged must then be missing after a cut, or the cut proves nothing.
 */
import Database from 'better-sqlite3'

const pragma = Database.prototype.pragma
Database.prototype.pragma = function weakened(source, options) {
  return pragma.call(this, source.replace('synchronous = FULL', 'synchronous = NORMAL'), options)
}
