-- The poster that a team uploaded, under posters/{poster} in the object store; null: one out of the film. A change of it is counted among those of the
-- sidecars, so that a published version is made anew with it.
ALTER TABLE assets ADD COLUMN poster uuid;
-- Which of them a version shows; null: its poster, if it has one, is out of the film.
ALTER TABLE sidecar_versions ADD COLUMN poster uuid;
