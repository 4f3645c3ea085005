using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Delivery.Selection;
using Movento.Packager.Presentations;

namespace Movento.Edge.Cache;

/// <summary>Names a version of an asset in one of the two ways in which its manifests name segments.</summary>
internal readonly record struct VersionKey(AssetId Asset, int Version, SegmentAddressing Addressing);

/// <summary>Names a manifest that lists a part of a version: of what it lists while it grows, or of what it lists as a whole.</summary>
internal readonly record struct ManifestKey(VersionKey Version, bool IsGrowing, EdgeFile File, ManifestSelection Selection);

/// <summary>Names a small file of a version by its name in the object store.</summary>
internal readonly record struct DocumentKey(AssetId Asset, int Version, string Name);
