/**
 * Consumer groups of real clients on real brokers: members come, go and die, and so do
 * coordinators.
 */
@NullMarked
package io.mlog.systemtests.groups;

import org.jspecify.annotations.NullMarked;
