/** The picture a probe took, fetched when it is looked at. */
import { useCall } from '../../client/use-call.ts'
import { cx } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/placeholder.tsx'
import css from './evidence-view.module.css'

interface EvidencePictureProps {
  readonly name: string
  readonly caption: string
}

export function EvidencePicture({ name, caption }: EvidencePictureProps) {
  const picture = useCall('probes.picture', { name })
  if (picture.data)
    return (
      <figure className={cx(css['picture'])}>
        <img src={`data:image/jpeg;base64,${picture.data.jpegBase64}`} alt={caption} />
        <figcaption className={cx(css['note'])}>{caption}</figcaption>
      </figure>
    )
  if (picture.failure) return <p className={cx(css['note'])}>{picture.failure.message}</p>
  return <Skeleton lines={6} />
}
