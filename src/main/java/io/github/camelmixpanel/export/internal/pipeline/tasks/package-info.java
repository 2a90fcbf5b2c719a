/** Tasks: with {@code emit=WINDOWS}, issues each due window as a task and takes its outcome. */
package io.github.camelmixpanel.export.internal.pipeline.tasks;
