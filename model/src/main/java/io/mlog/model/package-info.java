/**
 * The glossary as types: the words every room shares. Imports nothing of mlog; anything may import
 * it.
 */
@NullMarked
package io.mlog.model;

import org.jspecify.annotations.NullMarked;
