using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Edge.Cache;

/// <summary>Names a version of an asset in one of the two ways in which its manifests name segments.</summary>
internal readonly record struct VersionKey(AssetId Asset, int Version, SegmentAddressing Addressing);

/// <summary>Names a small file of a version by its name in the object store.</summary>
internal readonly record struct DocumentKey(AssetId Asset, int Version, string Name);
