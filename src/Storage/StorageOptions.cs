namespace Movento.Storage;

/// <summary>Which object store this process uses, and where it is.</summary>
public sealed class StorageOptions
{
    public StorageKind Kind { get; set; } = StorageKind.Files;

    public FileStorageOptions Files { get; set; } = new();

    public S3StorageOptions S3 { get; set; } = new();

    /// <summary>A sentence for each thing that is wrong with the chosen kind's options.</summary>
    public IEnumerable<string> Validate() => Kind switch
    {
        StorageKind.Files => Files.Validate(),
        StorageKind.S3 => S3.Validate(),
        _ => [$"Storage:Kind is {(int)Kind}: give files or s3."],
    };
}
