namespace Movento.Storage;

public enum StorageKind
{
    /// <summary>A folder on this machine, or one that several machines mount.</summary>
    Files,

    /// <summary>MinIO, or whatever else speaks the S3 protocol.</summary>
    S3,
}
