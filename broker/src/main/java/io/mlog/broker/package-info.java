/** A broker, wired: built from its configuration, started and stopped. Imports every other room. */
@NullMarked
package io.mlog.broker;

import org.jspecify.annotations.NullMarked;
